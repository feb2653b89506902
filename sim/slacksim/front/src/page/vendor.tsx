/* The other side: the vendor's accounts as they are now. */
import { useEffect, useRef } from "preact/hooks";
import type { Mark, Word } from "./marks";
import type { VendorAccount, VendorCall, VendorSite, VendorView } from "./payload";

const MARK_WORDS: Record<Word, string> = { new: "just created", shared: "website shared", changed: "just changed", removed: "just removed" };

const Seats = ({ used, bought, before }: { used: number; bought: number; before: number }) => {
  const words = bought ? `${used} of ${bought} seats used` : `${used} seats used`;
  const pips = Math.min(bought || used, 60);
  const columns = Math.ceil(pips / Math.ceil(pips / 30)) || 1;
  const look = (i: number) => (i >= used ? "" : before >= 0 && i >= before ? "used fresh" : "used");
  return (
    <div class="seats" data-testid="vendor-seats" data-used={used} data-bought={bought || 0}>
      <p><b>{used}</b>{bought ? ` of ${bought} seats used` : " seats used"}</p>
      <div class="pips" role="img" aria-label={words} style={{ "--columns": columns }}>
        {Array.from({ length: pips }, (_, i) => <i key={i} class={look(i)} />)}
      </div>
    </div>
  );
};

const shownSites = (account: VendorAccount) => {
  if (account.type === "user") return "sees every website";
  if (!account.sites.length) return "no website yet";
  return account.sites.slice(0, 3).join(", ") + (account.sites.length > 3 ? ` and ${account.sites.length - 3} more` : "");
};

const Account = ({ account, mark }: { account: VendorAccount; mark?: Mark }) => (
  <li class={"account" + (mark ? ` fresh fresh-${mark.word}` : "")} data-testid="vendor-row" data-email={account.email} data-mark={mark?.word ?? ""} title={`id ${account.id}`}>
    <p class="account-who"><b>{account.email}</b>{mark && <span class="mark">{MARK_WORDS[mark.word]}</span>}</p>
    <p class="account-what">
      <span class="kind">{account.type}</span>
      {account.blocked && <span class="blocked">blocked by limits</span>}
      <span class="account-more">{[account.name, shownSites(account)].filter(Boolean).join(" · ")}</span>
    </p>
  </li>
);

const Call = ({ one }: { one: VendorCall }) => (
  <li class={one.effect ? "effect" : ""} data-testid="vendor-call" data-effect={one.effect || undefined}>
    <b title={new Date(one.time * 1000).toLocaleTimeString("en-GB")}>{one.method}</b>
    <span class="path" title={one.path}><bdi>{one.path.split("?")[0]}</bdi></span>
    <span class={one.status >= 400 || !one.status ? "bad" : ""}>{one.status || "cut"}</span>
    {one.effect && <em>{one.effect}</em>}
  </li>
);

const Sites = ({ sites }: { sites: VendorSite[] }) => (
  <details class="vendor-sites">
    <summary data-testid="vendor-sites">Websites ({sites.length})</summary>
    <ul>{sites.map((site) => (
      <li key={site.id}><b>{site.name}</b><span>{` ${site.url && site.url !== site.name ? site.url + " · " : ""}id ${site.id}`}</span></li>
    ))}</ul>
  </details>
);

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const beside = () => matchMedia("(min-width: 861px)").matches;

/* What was marked just now comes into sight, where the panel stands beside the conversation. */
const useMarkedInSight = (marks: Map<number, Mark>) => {
  const list = useRef<HTMLUListElement>(null);
  const print = JSON.stringify([...marks].map(([id, mark]) => [id, mark.until]));
  useEffect(() => {
    if (marks.size && beside()) list.current?.querySelector(".fresh")?.scrollIntoView({ block: "nearest", behavior: still() ? "auto" : "smooth" });
  }, [print]);
  return list;
};

export const Vendor = ({ now, marks, before }: { now: VendorView; marks: Map<number, Mark>; before: number }) => {
  const list = useMarkedInSight(marks);
  const gone = [...marks.values()].flatMap((m) => (m.account ? [<Account key={m.account.id} account={m.account} mark={m} />] : []));
  return <>
    <div class="vendor-head"><h2>{now.name || "Vendor"}</h2><span class="sim-tag">simulated</span>{now.more && <a class="vendor-more" href={now.more} data-testid="world">Look behind it</a>}</div>
    <Seats used={now.seats.used} bought={now.seats.bought} before={before} />
    <h3>Accounts <span class="count">{now.accounts.length}</span></h3>
    <div class="vendor-scroll" tabindex={0} role="group" aria-label="Accounts and websites" data-testid="vendor-scroll">
      <ul class="accounts" data-testid="vendor-accounts" ref={list}>
        {gone}
        {[...now.accounts].sort((a, b) => b.id - a.id).map((a) => <Account key={a.id} account={a} mark={marks.get(a.id)} />)}
      </ul>
      <Sites sites={now.sites} />
    </div>
    <h3>Latest API calls</h3>
    {now.calls.length
      ? <div class="calls" tabindex={0} role="group" aria-label="Latest API calls" data-testid="vendor-calls"><ol>{now.calls.slice(0, 12).map((one, i) => <Call key={now.calls.length - i} one={one} />)}</ol></div>
      : <p class="nothing">None yet.</p>}
  </>;
};
