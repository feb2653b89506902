/* Emoji: Slack's names of them, and pictures of those that Usher writes and that people write most, so that they are to be
   seen on a machine without a font for them, too. */
import type { ComponentChild } from "preact";
import u2705 from "@twemoji/svg/2705.svg";
import u274c from "@twemoji/svg/274c.svg";
import u26a0 from "@twemoji/svg/26a0.svg";
import u23f3 from "@twemoji/svg/23f3.svg";
import u1f44b from "@twemoji/svg/1f44b.svg";
import u1f44d from "@twemoji/svg/1f44d.svg";
import u1f44e from "@twemoji/svg/1f44e.svg";
import u1f440 from "@twemoji/svg/1f440.svg";
import u1f64f from "@twemoji/svg/1f64f.svg";
import u1f389 from "@twemoji/svg/1f389.svg";
import u1f680 from "@twemoji/svg/1f680.svg";
import u1f525 from "@twemoji/svg/1f525.svg";
import u1f4c8 from "@twemoji/svg/1f4c8.svg";
import u1f4c9 from "@twemoji/svg/1f4c9.svg";
import u2764 from "@twemoji/svg/2764.svg";
import u1f604 from "@twemoji/svg/1f604.svg";
import u1f642 from "@twemoji/svg/1f642.svg";

export const EMOJI: Record<string, string> = {
  white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", warning: "⚠️", no_entry: "⛔", no_entry_sign: "🚫",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", clock1: "🕐", alarm_clock: "⏰", stopwatch: "⏱️", calendar: "📆", date: "📅",
  bell: "🔔", mega: "📣", loudspeaker: "📢", mag: "🔍", lock: "🔒", unlock: "🔓", key: "🔑", ticket: "🎫", seat: "💺",
  bust_in_silhouette: "👤", busts_in_silhouette: "👥", wave: "👋", raised_hands: "🙌", thumbsup: "👍", "+1": "👍", thumbsdown: "👎", "-1": "👎",
  eyes: "👀", point_right: "👉", point_left: "👈", pray: "🙏", clap: "👏", muscle: "💪", tada: "🎉", sparkles: "✨", rocket: "🚀", fire: "🔥",
  bulb: "💡", memo: "📝", pencil: "✏️", clipboard: "📋", bar_chart: "📊", chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉",
  link: "🔗", email: "✉️", envelope: "✉️", inbox_tray: "📥", outbox_tray: "📤", package: "📦", wastebasket: "🗑️", recycle: "♻️", gear: "⚙️",
  wrench: "🔧", question: "❓", grey_question: "❔", exclamation: "❗", information_source: "ℹ️", arrow_right: "➡️", arrows_counterclockwise: "🔄",
  red_circle: "🔴", large_green_circle: "🟢", large_yellow_circle: "🟡", large_orange_circle: "🟠", large_blue_circle: "🔵", white_circle: "⚪",
  green_circle: "🟢", yellow_circle: "🟡", star: "⭐", heart: "❤️", smile: "😄", slightly_smiling_face: "🙂", thinking_face: "🤔", coffee: "☕",
  seedling: "🌱", robot_face: "🤖", crown: "👑", shield: "🛡️", octagonal_sign: "🛑", zzz: "💤", new: "🆕", ok: "🆗",
};

export const withEmoji = (s: string) => s.replace(/:([a-z0-9_+-]+):/g, (all, name: string) => (Object.hasOwn(EMOJI, name) ? EMOJI[name]! : all));

const PICTURES = new Map(Object.entries({ "✅": u2705, "❌": u274c, "⚠️": u26a0, "⏳": u23f3, "👋": u1f44b, "👍": u1f44d, "👎": u1f44e, "👀": u1f440, "🙏": u1f64f, "🎉": u1f389, "🚀": u1f680, "🔥": u1f525, "📈": u1f4c8, "📉": u1f4c9, "❤️": u2764, "😄": u1f604, "🙂": u1f642 }));
const pictured = new RegExp(`(${[...PICTURES.keys()].join("|")})`, "u");

/* Text as it is drawn. The letter stays what it is under its picture, for who copies it or has it read to them. */
export const drawn = (s: string): ComponentChild[] => s.split(pictured).map((part) => {
  const picture = PICTURES.get(part);
  return picture ? <span class="emoji" style={{ backgroundImage: `url('${picture}')` }}>{part}</span> : part;
});
