/* What hangs on a message in Slack's older form: a bar in a colour, and beside it blocks, or a title, a text, fields and a footer. */
import { Blocks } from "./blocks";
import { DateSpan, Link, mrkdwn, plain } from "./text";
import { Unknown, type Around } from "./elements";
import type { Attachment } from "./payload";

const NAMED = new Map([["good", "#2eb67d"], ["warning", "#ecb22e"], ["danger", "#e01e5a"]]);

/* A colour is one of three names or a hexadecimal number; anything else is the usual grey. */
const colourOf = (color: string | undefined) => NAMED.get(color ?? "") ?? (/^#?[0-9a-f]{6}$/i.test(color ?? "") ? "#" + color!.replace("#", "") : undefined);

const Titled = ({ words, address }: { words: string; address?: string }) => <b>{address ? <Link address={address}>{plain(words)}</Link> : plain(words)}</b>;

const Fields = ({ fields }: { fields: NonNullable<Attachment["fields"]> }) => (
  <dl class="attachment-fields">{fields.map((f) => <div class={f.short ? undefined : "wide"}><dt>{plain(f.title)}</dt><dd>{mrkdwn(f.value ?? "")}</dd></div>)}</dl>
);

const Foot = ({ attachment: { footer, ts } }: { attachment: Attachment }) => (
  <p class="attachment-foot">{footer && <span>{plain(footer)}</span>}{ts !== undefined && <DateSpan seconds={Number(ts)} format="{date_short_pretty} {time}" fallback={String(ts)} />}</p>
);

/* What it shows without blocks; its fallback where that is nothing. */
const Plainly = ({ attachment: a }: { attachment: Attachment }) => {
  const says = a.author_name || a.title || a.text || a.fields?.length || a.image_url || a.thumb_url || a.footer || a.actions?.length;
  if (!says) return a.pretext ? null : <p>{plain(a.fallback)}</p>;
  const image = a.image_url || a.thumb_url;
  return <>
    {a.author_name && <p class="attachment-author"><Titled words={a.author_name} address={a.author_link} /></p>}
    {a.title && <p><Titled words={a.title} address={a.title_link} /></p>}
    {a.text && <div class="words">{mrkdwn(a.text)}</div>}
    {Boolean(a.fields?.length) && <Fields fields={a.fields!} />}
    {image && <figure class="image"><div role="img" aria-label={a.fallback}>▧ {image.split("/").pop()}</div></figure>}
    {Boolean(a.actions?.length) && <Unknown type="interactive attachment" />}
    {(a.footer || a.ts !== undefined) && <Foot attachment={a} />}
  </>;
};

export const Attachments = ({ attachments, around }: { attachments: Attachment[]; around: Around }) => <>{attachments.map((a) => {
  const colour = colourOf(a.color);
  return <>
    {a.pretext && <div class="words">{mrkdwn(a.pretext)}</div>}
    <div key={a.id} class="attachment" data-testid="attachment" style={colour ? { "--bar": colour } : undefined}>
      {a.blocks?.length ? <Blocks blocks={a.blocks} around={around} /> : <Plainly attachment={a} />}
    </div>
  </>;
})}</>;
