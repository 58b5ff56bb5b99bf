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

create function append(
    ids uuid[], types text[], shapes smallint[], connections text[], kinds text[], records text[],
    roads text[], covers text[], occurred timestamptz[], origins text[], causes bigint[],
    flows text[], traces text[], seals uuid[], datas bytea[], digests bytea[],
    contested integer[],                -- places of events of whose record others come before them
    out first_position bigint,          -- of the first fresh event; the others follow in order
    out recorded timestamptz,
    out repeated integer[],             -- places (from 1) of events that the log already holds ...
    out repeated_positions bigint[],    -- ... where it holds them ...
    out overtaken boolean[],            -- ... and whether the record has said otherwise since
    out doubtful boolean                -- then nothing was kept: the caller must say it otherwise
)
language plpgsql
set enable_hashjoin = off
set enable_mergejoin = off
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
declare
    head      bigint;
    head_link bytea;
    head_at   timestamptz;
begin
    perform pg_advisory_xact_lock(hashtextextended(current_schema() || '.log', 0));

    select e.position, e.link, e.recorded_at into head, head_link, head_at
    from events e order by e.position desc limit 1;
    if not found then
        head := 0;
        head_link := sha256('');
    end if;

    -- A repeat is overtaken when, on its road, a later event of its record bears the same stamp and
    -- none bears a newer one: A, then B, then A again within one tick of the vendor's clock. Whether
    -- an event of this very batch overtakes it cannot be told before that is kept: it is contested.
    select array_agg(u.n), array_agg(k.position), array_agg(
        types[u.n] = 'observed'
        and exists (
            select from events e
            where e.record = records[u.n] and e.kind = kinds[u.n]
              and e.connection = connections[u.n] and e.position > k.position
              and e.type = 'observed' and e.road = roads[u.n]
              and e.occurred_at is not distinct from occurred[u.n])
        and not exists (
            select from events e
            where e.record = records[u.n] and e.kind = kinds[u.n]
              and e.connection = connections[u.n] and e.position > k.position
              and e.type = 'observed' and e.road = roads[u.n]
              and e.occurred_at > occurred[u.n]))
    into repeated, repeated_positions, overtaken
    from unnest(ids) with ordinality u (id, n)
    cross join lateral (select position from kept where kept.id = u.id limit 1) k;

    doubtful := coalesce(true = any (overtaken) or repeated && contested, false);
    if doubtful or cardinality(repeated) = cardinality(ids) then
        return;
    end if;

    first_position := head + 1;
    recorded := greatest(clock_timestamp(), head_at);
    with fresh as materialized (
        select u.*, head + row_number() over (order by u.n) as position
        from unnest(ids, types, shapes, connections, kinds, records, roads, covers, occurred,
                    origins, causes, flows, traces, seals, datas, digests)
             with ordinality u (id, type, shape, connection, kind, record, road, cover, occurred_at,
                                origin, cause, flow, trace, seal, data, digest, n)
        where repeated is null or u.n <> all (repeated)
    ), chain as (
        select max(position) as last,
               sha256(head_link || int8send(min(position)) || int8send(max(position))
                      || timestamptz_send(recorded)
                      || string_agg(digest, ''::bytea order by position)) as link
        from fresh
    ), remembered as (
        insert into kept (id, position) select id, position from fresh
    )
    insert into events (position, cause, occurred_at, recorded_at, id, seal, shape, type, connection,
                        kind, record, road, cover, origin, flow, trace, data, digest, link)
    select position, cause, occurred_at, recorded, id, seal, shape, type, connection, kind, record,
           road, cover, origin, flow, trace, data, digest,
           case when position = chain.last then chain.link end
    from fresh, chain;
end $$;
