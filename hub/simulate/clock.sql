-- Have this database tell the played time, to whoever looks in this schema before Postgres' own.
--   played_schema   the schema           played_file   holds the moment, in microseconds since 1970
create schema played_schema;

create function played_schema.clock_timestamp() returns timestamptz
language sql volatile security definer set search_path = pg_catalog
as $$
    select timestamptz 'epoch'
        + pg_catalog.pg_read_file('played_file')::bigint * interval '1 microsecond'
$$;

create function played_schema.now() returns timestamptz
language sql stable security definer set search_path = pg_catalog
as $$
    select timestamptz 'epoch'
        + pg_catalog.pg_read_file('played_file')::bigint * interval '1 microsecond'
$$;

grant usage on schema played_schema to public;
