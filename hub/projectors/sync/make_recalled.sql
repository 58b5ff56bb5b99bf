-- Make room for what was concluded in archived partitions, for as long as this connection lasts.
create temporary table recalled (cause bigint not null primary key, shape smallint, data bytea)
