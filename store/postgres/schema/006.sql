-- The programs that run on this database, by this server's clock: a row until it ends, or is heard of no more until its lease
-- is over. connections is how many it keeps to Slack.
create table usher.nodes (
	id          text        collate "C" primary key,
	version     text        not null,
	connections integer     not null,
	since       timestamptz not null default clock_timestamp(),
	seen        timestamptz not null default clock_timestamp(),
	until       timestamptz not null
);
