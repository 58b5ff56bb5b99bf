-- What follows the log: how far each projector has come, who runs it, and what it could not apply.

create table projectors (
    name        text        not null primary key,
    position    bigint      not null default 0,
    epoch       bigint      not null default 0,     -- grows with every holder: an old one is told by it
    holder      text        not null default '',    -- host and process
    backend     text,                               -- the Postgres process that writes for it
    lease_until timestamptz not null default '-infinity'
);

-- One row per event that waits for a person: the one that failed, and the later ones of its record.
create table parked (
    projector  text   not null,
    position   bigint not null,
    connection text,
    kind       text,
    record     text,
    reason     text,                                -- null: held behind one that failed
    since      bigint not null,                     -- where the projector stood
    primary key (projector, position)
);

create index parked_by_record on parked (projector, connection, kind, record);

-- backend: names the Postgres process of this connection; its number alone may be given out again.
create function backend() returns text
language sql
stable
security definer
as $$
    select pid || '@' || extract(epoch from backend_start)
    from pg_stat_activity
    where pid = pg_backend_pid()
$$;

-- fence: tells whether the lease of a projector is over, and if so ends its holder's connection.
--
-- It is over when its time is, and when the connection that took it is gone: a clock that was set
-- back would else keep a dead holder in place. A holder that is stopped in the middle of a page keeps
-- the locks of its rows, and whoever takes over would wait for it. It runs with its owner's rights,
-- and can end no other connection.
create function fence(projector text, taker text) returns boolean
language plpgsql
security definer
as $$
begin
    update projectors p
    set lease_until = '-infinity'
    where p.name = projector and p.holder <> taker and p.lease_until >= clock_timestamp()
      and not exists (
          select from pg_stat_activity a
          where a.pid || '@' || extract(epoch from a.backend_start) = p.backend);
    perform from projectors p
    where p.name = projector and p.holder <> taker and p.lease_until >= clock_timestamp();
    if found then
        return false;
    end if;
    perform pg_terminate_backend(a.pid)
    from projectors p
    join pg_stat_activity a on a.pid || '@' || extract(epoch from a.backend_start) = p.backend
    where p.name = projector and a.pid <> pg_backend_pid();
    return true;
end $$;

do $$
begin
    execute format('alter function fence set search_path = %I, pg_temp', current_schema());
    execute format('alter function backend set search_path = %I, pg_temp', current_schema());
    execute format('revoke execute on function fence, backend from public');
    execute format('grant execute on function fence, backend to %I', current_schema() || '_serve');
    execute format('grant select, insert, update, delete on projectors, parked to %I',
                   current_schema() || '_serve');
    execute format('grant select on projectors, parked to %I', current_schema() || '_replay');
    execute format('grant select on migrations to %I, %I',
                   current_schema() || '_serve', current_schema() || '_replay');
end $$;
