/** Moments to put a conversation off to, computed from now in the browser's zone. */
export type SnoozeChoice = { id: 'laterToday' | 'tomorrow' | 'monday' | 'nextWeek' | 'nextMonth'; until: Date };

const MORNING = 9;

export function snoozeChoices(now: Date): SnoozeChoice[] {
  const at = (days: number, hour: number): Date => {
    const date = new Date(now);
    date.setDate(date.getDate() + days);
    date.setHours(hour, 0, 0, 0);
    return date;
  };
  const inThreeHours = new Date(Math.ceil((now.getTime() + 3 * 3_600_000) / 900_000) * 900_000);
  const toMonday = (8 - now.getDay()) % 7 || 7;
  const month = new Date(now);
  month.setMonth(month.getMonth() + 1, 1);
  month.setHours(MORNING, 0, 0, 0);
  const choices: SnoozeChoice[] = [
    { id: 'laterToday', until: inThreeHours },
    { id: 'tomorrow', until: at(1, MORNING) },
    { id: 'monday', until: at(toMonday, MORNING) },
    { id: 'nextWeek', until: at(7, MORNING) },
    { id: 'nextMonth', until: month },
  ];
  // Late in the evening "later today" would be tomorrow.
  return choices.filter(
    (choice, index) =>
      (choice.id !== 'laterToday' || choice.until.getDate() === now.getDate()) &&
      choices.findIndex((other) => other.until.getTime() === choice.until.getTime()) === index,
  );
}
