/* The tokens of Slack's <!date^…>, in the zone of whoever looks at the page. */

export type Clock = () => number;

const inEnglish = (at: Date, options: Intl.DateTimeFormatOptions) => at.toLocaleDateString("en-GB", options);
const nearYear = (at: Date, now: Clock): Intl.DateTimeFormatOptions => (Math.abs(at.getTime() - now()) < 182 * 864e5 ? {} : { year: "numeric" });

export const clockTime = (at: Date) => at.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" });
export const startOfDay = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate());
export const tsDate = (ts: string) => new Date(Number(ts) * 1000);

const ago = (at: Date, now: Clock) => {
  const minutes = Math.round((now() - at.getTime()) / 6e4);
  const size = Math.abs(minutes);
  const [n, unit] = size < 60 ? [size, "minute"] : size < 1440 ? [Math.round(size / 60), "hour"] : [Math.round(size / 1440), "day"];
  if (n === 0) return "just now";
  const words = `${n} ${unit}${n === 1 ? "" : "s"}`;
  return minutes < 0 ? `in ${words}` : `${words} ago`;
};

type Token = (at: Date, now: Clock) => string;

const pretty = (otherwise: Token): Token => (at, now) => {
  const days = Math.round((startOfDay(at).getTime() - startOfDay(new Date(now())).getTime()) / 864e5);
  return new Map([[-1, "yesterday"], [0, "today"], [1, "tomorrow"]]).get(days) ?? otherwise(at, now);
};

const date: Token = (at, now) => inEnglish(at, { day: "numeric", month: "long", ...nearYear(at, now) });
const dateLong: Token = (at, now) => inEnglish(at, { weekday: "long", day: "numeric", month: "long", ...nearYear(at, now) });
const dateShort: Token = (at, now) => inEnglish(at, { day: "numeric", month: "short", ...nearYear(at, now) });

export const dayWords = pretty(dateLong);

const TOKENS = new Map<string, Token>(Object.entries({
  date_num: (at) => at.toLocaleDateString("sv-SE"),
  date_slash: (at) => at.toLocaleDateString("en-US", { month: "2-digit", day: "2-digit", year: "numeric" }),
  date,
  date_long: dateLong,
  date_long_full: (at) => inEnglish(at, { weekday: "long", day: "numeric", month: "long", year: "numeric" }),
  date_short: dateShort,
  date_pretty: pretty(date),
  date_short_pretty: pretty(dateShort),
  date_long_pretty: pretty(dateLong),
  day_divider_pretty: pretty(dateLong),
  time: clockTime,
  time_secs: (at) => at.toLocaleTimeString([], { hour: "numeric", minute: "2-digit", second: "2-digit" }),
  ago,
} satisfies Record<string, Token>));

export const dateWords = (at: Date, format: string, now: Clock) =>
  format.replace(/\{(\w+)\}/g, (all, name: string) => TOKENS.get(name)?.(at, now) ?? all);
