/** OKLCH (https://bottosson.github.io/posts/oklab/) to linear sRGB, and WCAG 2.2 contrast. */
export interface Oklch {
  l: number;
  c: number;
  h: number;
}

/** The opaque OKLCH colours that one rule of the token file declares. */
export function readTokens(css: string, selector: string): Map<string, Oklch> {
  const start = css.indexOf(`\n${selector} {`);
  const body = css.slice(start, css.indexOf('\n}', start));
  const tokens = new Map<string, Oklch>();
  for (const [, name = '', l = '', c = '', h = ''] of body.matchAll(
    /--([\w-]+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)\);/g,
  )) {
    tokens.set(name, { l: Number(l), c: Number(c), h: Number(h) });
  }
  for (const [, name = '', l = ''] of body.matchAll(/--([\w-]+): oklch\(([\d.]+) 0 0\);/g))
    tokens.set(name, { l: Number(l), c: 0, h: 0 });
  return tokens;
}

function linearRgb({ l, c, h }: Oklch): [number, number, number] {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  return [
    clip(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    clip(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    clip(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  ];
}

const luminance = (colour: Oklch): number => {
  const [r, g, b] = linearRgb(colour);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

export function contrast(one: Oklch, other: Oklch): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}
