-- The vault: what the hub must know and nobody may read. Beside the log, and never rebuilt from it.
--
-- All of it is sealed before it comes here. Values are sealed under a key of their connection, and
-- that key under the master key, which the database never sees. A replay cannot even read the rows.

create table data_keys (
    connection text        collate "C" not null primary key,
    id         uuid        not null unique,
    master     text        not null,                -- which master key it is sealed under
    sealed     bytea       not null,                -- nonce, ciphertext and tag
    sealed_at  timestamptz not null default clock_timestamp()
);

create index data_keys_by_master on data_keys (master);

create table sealed (
    connection text        collate "C" not null,
    name       text        collate "C" not null,    -- what it is: refresh_token, webhook_secret, ...
    key_id     uuid        not null references data_keys (id),
    sealed     bytea       not null,                -- nonce, ciphertext and tag
    sealed_at  timestamptz not null default clock_timestamp(),
    primary key (connection, name)
);

do $$
begin
    execute format('grant select, insert, update, delete on data_keys, sealed to %I',
                   current_schema() || '_serve');
end $$;
