-- Which migrations were applied, with the checksum each had then.
create table if not exists migrations (
    name       text        not null primary key,
    checksum   text        not null,
    applied_at timestamptz not null default now()
);
