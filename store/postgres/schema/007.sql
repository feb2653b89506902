-- The words of audit entries that may be somebody's, beside them.
create table usher.beside (
	seq  bigint primary key,
	line bytea  not null
);
