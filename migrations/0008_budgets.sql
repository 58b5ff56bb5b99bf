-- What a connection may still spend at its vendor. Beside the log, and never rebuilt from it.
--
-- Processes draw what they are about to spend in small blocks. A block counts in a window from when
-- it was drawn until its last use has left the window; one that its process never gave account of
-- counts in full. So the sum is never less than what was spent, whoever dies when.

create table budgets (
    connection    text        collate "C" not null primary key,
    stopped_until timestamptz not null,             -- the vendor asked to be left alone until then
    stopped_why   text        not null
);

-- What the vendor itself said is left in one of its windows.
create table budget_said (
    connection text        collate "C" not null,
    name       text        collate "C" not null,    -- of the window
    left_cost  bigint      not null,
    said_at    timestamptz not null,                -- when the call went out that brought this answer
    until      timestamptz not null,                -- after that it tells nothing
    primary key (connection, name)
);

create table budget_blocks (
    id         uuid        not null primary key default gen_random_uuid(),
    connection text        collate "C" not null,
    share      text        not null,                -- what kind of work it is for
    cost       bigint      not null,                -- drawn; once accounted for, what was spent
    drawn_at   timestamptz not null,
    use_by     timestamptz not null                 -- nothing is spent at or after this moment
);

create index budget_blocks_by_use on budget_blocks (connection, use_by);

-- Calls that may be under way at once: each has a place, and one left behind ends by itself.
create table budget_places (
    id         uuid        not null primary key default gen_random_uuid(),
    connection text        collate "C" not null,
    name       text        collate "C" not null,    -- of the limit
    use_by     timestamptz not null
);

create index budget_places_by_use on budget_places (connection, name, use_by);

-- Access tokens: how often one was asked for, until when to ask no more, and whether the grant is
-- dead. The token itself is in the vault.
create table access_tokens (
    connection text          collate "C" not null primary key,
    asked_at   timestamptz[] not null default '{}', -- of late
    wait_until timestamptz   not null default '-infinity',
    wait_why   text          not null default '',
    renew_at   timestamptz   not null default '-infinity',
    expires_at timestamptz   not null default '-infinity',
    base_url   text          not null default '',
    dead_since timestamptz,
    dead_why   text
);

-- budget_window: where the window of that many seconds that reaches to a moment starts; with a zone
-- it is that zone's day, which also ends.
create function budget_window(moment timestamptz, seconds float8, zone text,
                              out starts timestamptz, out ends timestamptz)
language sql
stable
as $$
    select case when zone is null then moment - make_interval(secs => seconds)
                else date_trunc('day', moment at time zone zone) at time zone zone end,
           case when zone is not null
                then (date_trunc('day', moment at time zone zone) + interval '1 day')
                     at time zone zone end
$$;

-- counts: whether a block counts in a window. What was last used exactly when a rolling window starts
-- has left it; a day holds all that was drawn in it, for nothing drawn is good beyond its day.
create function counts(use_by timestamptz, drawn_at timestamptz, starts timestamptz, zone text)
returns boolean
language sql
immutable
as $$
    select case when zone is null then use_by > starts else drawn_at >= starts end
$$;

-- draw_budget: draws a block of at least `cost_min` and at most `cost_max` that fits every window, or
-- tells how long to wait. Under a lock of the connection, and in a function, so that what is summed
-- up is seen anew after the lock was given. First it takes account of the block drawn before.
create function draw_budget(
    of_connection text,
    of_share      text,
    at            timestamptz,          -- null: the database's own clock
    cost_min      bigint,
    cost_max      bigint,
    use_seconds   float8,
    names         text[],               -- the windows ...
    seconds       float8[],
    zones         text[],
    ceilings      bigint[],
    above         text[],               -- shares that go before this one, ...
    parts         float8[],             -- ... and what part of every window is kept for each
    settled       uuid,                 -- the block drawn before, ...
    settled_cost  bigint,               -- ... what was spent of it, ...
    settled_after float8,               -- ... and how long after it was drawn at the latest
    out id           uuid,
    out granted      bigint,
    out good_seconds float8,
    out wait_seconds float8,
    out wait_for     text
)
language plpgsql
as $$
declare
    moment timestamptz;
    ends   timestamptz;
    used   record;
    said   record;
    free   bigint;
    kept   bigint;
begin
    perform pg_advisory_xact_lock(
        hashtextextended(current_schema() || '.budget.' || of_connection, 0));
    moment := coalesce(at, clock_timestamp());
    ends := moment + make_interval(secs => use_seconds);
    granted := cost_max;

    if settled is not null then
        update budget_blocks b
        set cost = settled_cost,
            use_by = least(b.use_by, b.drawn_at + make_interval(secs => settled_after))
        where b.id = settled;
    end if;
    delete from budget_blocks b
    where b.connection = of_connection
      and (b.cost = 0 or b.use_by < moment - make_interval(
          secs => greatest(93600, (select max(s) from unnest(seconds) s))));

    select extract(epoch from b.stopped_until - moment), b.stopped_why into wait_seconds, wait_for
    from budgets b where b.connection = of_connection and b.stopped_until > moment;
    if found then
        granted := 0;
        return;
    end if;

    for n in 1 .. cardinality(names) loop
        select w.starts, w.ends, coalesce(sum(b.cost), 0) as cost into used
        from budget_window(moment, seconds[n], zones[n]) w
        left join budget_blocks b
          on b.connection = of_connection and b.use_by >= w.starts
         and counts(b.use_by, b.drawn_at, w.starts, zones[n])
        group by w.starts, w.ends;

        select coalesce(sum(greatest(0, floor(a.part * ceilings[n]) - coalesce((
            select sum(b.cost) from budget_blocks b
            where b.connection = of_connection and b.use_by >= used.starts and b.share = a.share
              and counts(b.use_by, b.drawn_at, used.starts, zones[n])
        ), 0))), 0) into kept
        from unnest(above, parts) a (share, part);

        free := ceilings[n] - used.cost - kept;
        if free < cost_min then
            granted := 0;
            wait_for := names[n];
            wait_seconds := extract(epoch from coalesce(used.ends, (
                select min(b.use_by) from (
                    select b.use_by, sum(b.cost) over (order by b.use_by) as leaves
                    from budget_blocks b
                    where b.connection = of_connection and b.use_by > used.starts
                ) b where b.leaves >= cost_min - free
            ) + make_interval(secs => seconds[n]), moment + make_interval(secs => seconds[n]))
            - moment);
            return;
        end if;
        granted := least(granted, free);

        -- Of less than was reckoned with, each share keeps its part of what is really left.
        select s.left_cost - least(kept, floor(s.left_cost * coalesce(
            (select sum(part) from unnest(parts) part), 0))::bigint) - coalesce((
            select sum(b.cost) from budget_blocks b
            where b.connection = of_connection and b.use_by >= s.said_at
        ), 0) as free, s.until into said
        from budget_said s
        where s.connection = of_connection and s.name = names[n] and s.until > moment;
        if said.free < cost_min then
            granted := 0;
            wait_for := names[n] || ', as the vendor counts it';
            wait_seconds := extract(epoch from said.until - moment);
            return;
        end if;
        granted := least(granted, said.free);
        ends := least(ends, used.ends);
    end loop;

    insert into budget_blocks (connection, share, cost, drawn_at, use_by)
    values (of_connection, of_share, granted, moment, ends)
    returning budget_blocks.id into id;
    good_seconds := extract(epoch from ends - moment);
end $$;

-- take_place: takes a place among the calls under way, for some seconds, or tells how long to wait.
create function take_place(
    of_connection text,
    of_name       text,
    at            timestamptz,
    places        bigint,
    seconds       float8,
    out id           uuid,
    out wait_seconds float8
)
language plpgsql
as $$
declare
    moment timestamptz;
begin
    perform pg_advisory_xact_lock(
        hashtextextended(current_schema() || '.budget.' || of_connection, 0));
    moment := coalesce(at, clock_timestamp());
    delete from budget_places p
    where p.connection = of_connection and p.name = of_name and p.use_by <= moment;

    select extract(epoch from min(p.use_by) - moment) into wait_seconds
    from budget_places p where p.connection = of_connection and p.name = of_name
    having count(*) >= places;
    if not found then
        insert into budget_places (connection, name, use_by)
        values (of_connection, of_name, moment + make_interval(secs => seconds))
        returning budget_places.id into id;
    end if;
end $$;

do $$
begin
    execute format('revoke execute on function draw_budget, take_place from public');
    execute format('grant execute on function draw_budget, take_place to %I',
                   current_schema() || '_serve');
    execute format('grant select, insert, update, delete on budgets, budget_said, budget_blocks, '
                   'budget_places, access_tokens to %I', current_schema() || '_serve');
end $$;
