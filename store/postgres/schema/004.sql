-- What is left of requests that were removed: their numbers, and when that was.
create table usher.removed (
	number bigint primary key,
	line   bytea  not null
);
create index seen_number on usher.seen (number);
