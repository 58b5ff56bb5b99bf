-- append: keeps a batch of events, in one statement and so in one transaction of its own.
--
-- Why one lock: whoever holds it decides the order, and lets go only when its commit can be seen. So
-- positions are dense and in the order of commits, over any number of processes, and a reader that
-- has seen position n has seen all before it. A sequence would be faster and would lose events: a
-- number is taken at the insert, and becomes visible at some later commit.
--
-- Why a function: in one, every statement looks anew after the lock was given. A single statement
-- would wait for the lock and then read the head as it was before.
--
-- The head is read from the last event, not from a row of its own: such a row, rewritten with every
-- batch, is slow as soon as somebody holds an old snapshot.

-- entry: an event as it is handed in, all of its envelope but what the log adds.
create type entry as (
    id uuid, type text, shape smallint, connection text, kind text, record text, road text,
    cover text, occurred_at timestamptz, origin text, cause bigint, flow text, trace text, seal uuid,
    data bytea, digest bytea
);

create function append(
    entries entry[],
    contested integer[],                -- places of events of whose record others come before them
    out first_position bigint,          -- of the first fresh event; the others follow in order
    out recorded timestamptz,
    out repeated integer[],             -- places (from 1) of events that the log already holds ...
    out repeated_positions bigint[],    -- ... where it holds them ...
    out overtaken boolean[],            -- ... and whether the record has said otherwise since
    out doubtful boolean                -- then nothing was kept: the caller must say it otherwise
)
language plpgsql
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
declare
    head      bigint;
    head_link bytea;
    head_at   timestamptz;
    last_link bytea;
    fresh     bigint;
begin
    perform pg_advisory_xact_lock(hashtextextended(current_schema() || '.log', 0));

    select e.position, e.link, e.recorded_at into head, head_link, head_at
    from events e order by e.position desc limit 1;
    if not found then
        head := 0;
        head_link := sha256('');
    end if;

    if exists (select from unnest(entries) u join kept on kept.id = u.id) then
        -- A repeat is overtaken when, on its road, a later event of its record bears the same stamp
        -- and none bears a newer one: A, then B (or gone), then A again within one tick of its clock.
        -- Whether an event of this very batch overtakes it cannot be told before that is kept: it is
        -- contested.
        select array_agg(u.n), array_agg(k.position), array_agg(
            u.type in ('observed', 'gone')
            and exists (
                select from events e
                where e.record = u.record and e.kind = u.kind and e.connection = u.connection
                  and e.position > k.position and e.type in ('observed', 'gone')
                  and e.road = u.road and e.occurred_at is not distinct from u.occurred_at)
            and not exists (
                select from events e
                where e.record = u.record and e.kind = u.kind and e.connection = u.connection
                  and e.position > k.position and e.type in ('observed', 'gone')
                  and e.road = u.road and e.occurred_at > u.occurred_at))
        into repeated, repeated_positions, overtaken
        from unnest(entries) with ordinality u (
            id, type, shape, connection, kind, record, road, cover, occurred_at, origin, cause, flow,
            trace, seal, data, digest, n)
        cross join lateral (select position from kept where kept.id = u.id limit 1) k;

        doubtful := coalesce(true = any (overtaken) or repeated && contested, false);
        if doubtful or cardinality(repeated) = cardinality(entries) then
            return;
        end if;

        -- From here on as if the repeats had not been handed in.
        entries := array(
            select entries[n] from generate_subscripts(entries, 1) n where n <> all (repeated));
    end if;

    fresh := cardinality(entries);
    first_position := head + 1;
    recorded := greatest(clock_timestamp(), head_at);
    last_link := sha256(
        head_link || int8send(head + 1) || int8send(head + fresh) || timestamptz_send(recorded)
        || (select string_agg(digest, ''::bytea) from unnest(entries)));

    insert into kept (id, position)
    select id, head + n
    from unnest(entries) with ordinality u (
        id, type, shape, connection, kind, record, road, cover, occurred_at, origin, cause, flow,
        trace, seal, data, digest, n);

    insert into events (position, cause, occurred_at, recorded_at, id, seal, shape, type, connection,
                        kind, record, road, cover, origin, flow, trace, data, digest, link)
    select head + n, cause, occurred_at, recorded, id, seal, shape, type, connection, kind, record,
           road, cover, origin, flow, trace, data, digest, case when n = fresh then last_link end
    from unnest(entries) with ordinality u (
        id, type, shape, connection, kind, record, road, cover, occurred_at, origin, cause, flow,
        trace, seal, data, digest, n);
end $$;
