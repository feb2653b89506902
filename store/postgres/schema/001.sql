-- What one Usher keeps. Lines are bytes as the program wrote them: what was hashed must not be altered, and jsonb and
-- timestamptz would. The columns beside a line are its indexes; nothing is read from them that isn't in the line, but
-- for who has claimed what. Text that is ordered is ordered by its bytes.

-- The gate: one row. Who decides anything locks it first. number is the last one given to a request.
create table usher.gate (
	one     boolean primary key default true check (one),
	program text    not null,
	schema  integer not null,
	number  bigint  not null default 0
);

create table usher.requests (
	number    bigint  primary key,
	state     text    collate "C" not null,
	requester text    collate "C" not null,
	person    text    collate "C" not null,
	app       text    collate "C" not null,
	email     text    collate "C" not null,
	live      boolean not null,
	line      bytea   not null
);
create index requests_state on usher.requests (state, number);
create index requests_requester on usher.requests (requester, number) where requester <> '';
create index requests_person on usher.requests (person, number) where person <> '';
create index requests_live on usher.requests (app, email, number) where live;

-- Under which key of Slack's a request was opened, for two months.
create table usher.seen (
	key    text   collate "C" primary key,
	month  text   collate "C" not null,
	number bigint not null
);
create index seen_month on usher.seen (month);

-- The log. Two entries that follow the same one are a fork, which the second can't be kept as.
create table usher.audit (
	seq  bigint primary key,
	prev text   collate "C" not null unique,
	hash text   collate "C" not null unique,
	line bytea  not null
);
create table usher.head (
	one  boolean primary key default true check (one),
	seq  bigint  not null,
	hash text    collate "C" not null
);
insert into usher.head (seq, hash) values (0, '');

-- Promises. due is in nanoseconds since 1970. owner, token and lease_until are of the claim, by this server's clock.
create table usher.intents (
	key         text   collate "C" primary key,
	kind        text   collate "C" not null,
	due         bigint not null,
	owner       text,
	token       bigint not null default 0,
	lease_until timestamptz,
	line        bytea  not null
) with (fillfactor = 75);
create index intents_due on usher.intents (kind, due, key);
create sequence usher.revision;
create table usher.receipts (
	key  text  collate "C" primary key,
	line bytea not null
);

-- What there is one of, and what reports, lists and readings showed last.
create table usher.meta (
	name  text  collate "C" primary key,
	value bytea not null
);
create table usher.shelf (
	name  text  collate "C" primary key,
	value bytea not null
);
