/* The vendors, as their own customers have them: to look at, and to change behind Usher's back. */
import type { ComponentChildren } from "preact";
import type { Account, Member, Site, Vendors as Both, World } from "./world";

const REFILLED = 48_210; // units, as at first

/* A form whose fields are sent by their names, as a deed. */
const Deed = ({ world, deed, with: fixed = {}, words, children, label }: { world: World; deed: string; with?: object; words: string; children: ComponentChildren; label: string }) => {
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const body: Record<string, unknown> = { ...fixed };
    for (const el of form.elements) {
      if ((el instanceof HTMLInputElement || el instanceof HTMLSelectElement) && el.name) body[el.name] = el.type === "number" ? Number(el.value) : el.value;
    }
    void world.act(deed, body).then((done) => { if (done && form.dataset.once) form.reset(); });
  };
  return <form class="row" aria-label={label} data-testid={"deed-" + deed} data-once={deed === "add" || deed === "invite" ? "1" : undefined} onSubmit={send}>{children}<button type="submit" class="do">{words}</button></form>;
};

const Press = ({ world, deed, body, words, about, danger }: { world: World; deed: string; body: object; words: string; about: string; danger?: boolean }) => (
  <button type="button" class={"do" + (danger ? " danger" : "")} data-testid={"press-" + deed} aria-label={`${words}: ${about}`} onClick={() => void world.act(deed, body)}>{words}</button>
);

const sites = (n: number, word: string) => (n ? [`${n} ${n === 1 ? "website" : "websites"} ${word}`] : []);

const OneAccount = ({ world, account: a }: { world: World; account: Account }) => (
  <li class="thing" data-testid="account" data-email={a.email}>
    <details>
      <summary><b>{a.email}</b> <span class="tag">{a.type}</span>{a.is_blocked_by_limits && <span class="bad">blocked</span>}
        <small>{[`${a.first_name} ${a.last_name}`.trim(), ...sites(a.shared_sites.length, "shared"), ...sites(a.owned_sites.length, "owned")].join(" · ")}</small></summary>
      <p class="first">Account {a.id}</p>
      <div class="row">
        {a.is_blocked_by_limits
          ? <Press world={world} deed="unblock" body={{ email: a.email }} words="Unblock" about={a.email} />
          : <Press world={world} deed="block" body={{ email: a.email }} words="Block by limits" about={a.email} />}
        <Press world={world} deed="delete" body={{ email: a.email }} words="Delete it" about={a.email} danger />
      </div>
      <Deed world={world} deed="limits" with={{ email: a.email }} words="Change limits" label={`Limits of ${a.email}`}>
        <label>Websites <input type="number" name="sites" min={0} max={1000} required defaultValue={String(a.limits.site)} /></label>
        <label>Keywords <input type="number" name="keywords" min={0} max={1000000} required defaultValue={String(a.limits.keyword)} /></label>
      </Deed>
    </details>
  </li>
);

const OneSite = ({ world, site, accounts }: { world: World; site: Site; accounts: Account[] }) => (
  <li class="thing" data-testid="site">
    <p><b>{site.title}</b> <small>{site.url} · {site.id}</small></p>
    <label>Owner <select data-testid={"owner-" + site.id} aria-label={`Owner of ${site.title} (${site.id})`} value={accounts.find((a) => a.id === site.owner_id)?.email ?? ""}
      onChange={(event) => void world.act("own", { site: site.id, email: event.currentTarget.value })}>
      <option value="">the main account</option>
      {accounts.map((a) => <option key={a.id} value={a.email}>{a.email}</option>)}
    </select></label>
  </li>
);

const OneMember = ({ world, member: m }: { world: World; member: Member }) => (
  <li class="thing" data-testid="member" data-email={m.email}>
    <p><b>{m.email}</b> <span class="tag">{m.role}</span>{m.status !== "Active" && <span class="bad">{m.status.toLowerCase()}</span>}{m.name && <small>{m.name}</small>}</p>
    <div class="row">
      {m.status !== "Active" && <Press world={world} deed="accept" body={{ email: m.email }} words="They accept" about={m.email} />}
      <Press world={world} deed="remove" body={{ email: m.email }} words="Remove" about={m.email} danger />
    </div>
  </li>
);

const SERanking = ({ world, now }: { world: World; now: Both["seranking"] }) => <>
  <h3>SE Ranking</h3>
  <p data-testid="seats"><b>{now.accounts.length}</b>{now.bought ? ` of ${now.bought} seats used` : " seats used"}</p>
  <Deed world={world} deed="seats" words="Change" label="Seats bought in SE Ranking"><label>Seats bought <input type="number" name="n" min={1} max={10000} required defaultValue={String(now.bought || 25)} /></label></Deed>
  <details class="fold" data-testid="fold-add"><summary>Add an account by hand</summary>
    <Deed world={world} deed="add" words="Add it" label="Add an account by hand">
      <label>Address <input type="email" name="email" required /></label>
      <label>First name <input name="first" required /></label>
      <label>Last name <input name="last" /></label>
      <label>Type <select name="type"><option>client</option><option>user</option></select></label>
    </Deed>
  </details>
  <h4>Accounts</h4>
  <ul>{[...now.accounts].sort((a, b) => b.id - a.id).map((a) => <OneAccount key={a.id} world={world} account={a} />)}</ul>
  <details class="fold" data-testid="fold-sites"><summary>Websites ({now.sites.length})</summary><ul>{now.sites.map((s) => <OneSite key={s.id} world={world} site={s} accounts={now.accounts} />)}</ul></details>
</>;

/* A list that somebody picked becomes Semrush's. */
const upload = (world: World) => (event: Event) => {
  const input = event.currentTarget as HTMLInputElement;
  void input.files?.[0]?.text().then((list) => { input.value = ""; void world.act("list", { list }); });
};

const Semrush = ({ world, now }: { world: World; now: Both["semrush"] }) => <>
  <h3>Semrush</h3>
  <p data-testid="units"><b>{now.units.toLocaleString("en-GB")}</b> API units left</p>
  <div class="row">
    <Press world={world} deed="units" body={{ n: 0 }} words="Use them all up" about="Semrush's units" danger />
    <Press world={world} deed="units" body={{ n: Math.floor(now.units / 2) }} words="Use half" about="Semrush's units" />
    <Press world={world} deed="units" body={{ n: REFILLED }} words="Refill" about="Semrush's units" />
  </div>
  <h4>Members</h4>
  <p><b>{now.members.length}</b> of {now.bought} seats used. Semrush has no API for them: people keep this list, and import it.</p>
  <details class="fold"><summary>Invite somebody</summary>
    <Deed world={world} deed="invite" words="Invite" label="Invite somebody to Semrush">
      <label>Address <input type="email" name="email" required /></label>
      <label>Name <input name="name" /></label>
      <label>Role <select name="role"><option>User</option><option>Admin</option></select></label>
    </Deed>
  </details>
  <ul>{now.members.map((m) => <OneMember key={m.email} world={world} member={m} />)}</ul>
  <p class="row"><a href="/world/vendors/semrush-members.csv" download data-testid="download">Download the list (CSV)</a></p>
  <label class="file">Replace it by a list <input type="file" accept=".csv,text/csv" data-testid="upload" onChange={upload(world)} /></label>
</>;

export const Vendors = ({ world }: { world: World }) => (
  <section class="column" tabindex={0} id="vendors" aria-label="Vendors" data-testid="vendors" data-alone={world.shown === "vendors"}>
    <h2>The vendors</h2>
    <p class="about">Change something here, as somebody would on the vendor's own pages, and see what Usher makes of it. It looks at SE Ranking once a day, and at Semrush's units every six hours.</p>
    <button type="button" class="do look" data-testid="look" aria-disabled={world.looking} aria-describedby="look-says" onClick={() => void world.look()}>{world.looking ? "Usher is being started again …" : "Have Usher look now"}</button>
    <p class="about" id="look-says">Moves every clock forward to its next look, a day at most, and starts Usher again there.</p>
    {world.vendors && <><SERanking world={world} now={world.vendors.seranking} /><Semrush world={world} now={world.vendors.semrush} /></>}
  </section>
);
