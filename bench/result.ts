/** One figure of a benchmark run. */
export interface BenchResult {
  name: string;
  value: number;
  unit: string;
  /** What it is measured against, in the same unit and the same run. */
  baseline?: number;
  /** `value / baseline`. */
  ratio?: number;
  /** The ratio, or where there is none the value, that must be reached. */
  bar?: number;
}
