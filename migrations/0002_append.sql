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
-- A column that is the same throughout comes as one value, one that is empty as null: what a thousand
-- webhooks have in common crosses the wire once.
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

    if exists (select from kept where kept.id = any (ids)) then
        -- A repeat is overtaken when, on its road, a later event of its record bears the same stamp
        -- and none bears a newer one: A, then B (or gone), then A again within one tick of its clock.
        -- Whether an event of this very batch overtakes it cannot be told before that is kept: it is
        -- contested.
        select array_agg(u.n), array_agg(k.position), array_agg(
            case when cardinality(types) = 1 then types[1] else u.type end in ('observed', 'gone')
            and exists (
                select from events e
                where e.record = u.record and e.kind = u.kind and e.connection = u.connection
                  and e.position > k.position and e.type in ('observed', 'gone') and e.road = u.road
                  and e.occurred_at is not distinct from u.occurred_at)
            and not exists (
                select from events e
                where e.record = u.record and e.kind = u.kind and e.connection = u.connection
                  and e.position > k.position and e.type in ('observed', 'gone') and e.road = u.road
                  and e.occurred_at > u.occurred_at))
        into repeated, repeated_positions, overtaken
        from (
            select n, id, type, record, occurred_at,
                   case when cardinality(connections) = 1 then connections[1] else connection end
                       as connection,
                   case when cardinality(kinds) = 1 then kinds[1] else kind end as kind,
                   case when cardinality(roads) = 1 then roads[1] else road end as road
            from unnest(ids, types, connections, kinds, records, roads, occurred)
                 with ordinality u (id, type, connection, kind, record, road, occurred_at, n)
        ) u
        cross join lateral (select position from kept where kept.id = u.id limit 1) k;

        doubtful := coalesce(true = any (overtaken) or repeated && contested, false);
        if doubtful or cardinality(repeated) = cardinality(ids) then
            return;
        end if;

        -- From here on as if the repeats had not been handed in.
        select array_agg(id order by n),
               array_agg(case when cardinality(types) = 1 then types[1] else type end order by n),
               array_agg(case when cardinality(shapes) = 1 then shapes[1] else shape end order by n),
               array_agg(case when cardinality(connections) = 1 then connections[1]
                              else connection end order by n),
               array_agg(case when cardinality(kinds) = 1 then kinds[1] else kind end order by n),
               array_agg(record order by n),
               array_agg(case when cardinality(roads) = 1 then roads[1] else road end order by n),
               array_agg(cover order by n), array_agg(occurred_at order by n),
               array_agg(case when cardinality(origins) = 1 then origins[1] else origin end
                         order by n),
               array_agg(cause order by n), array_agg(flow order by n), array_agg(trace order by n),
               array_agg(seal order by n), array_agg(data order by n), array_agg(digest order by n)
        into ids, types, shapes, connections, kinds, records, roads, covers, occurred, origins,
             causes, flows, traces, seals, datas, digests
        from unnest(ids, types, shapes, connections, kinds, records, roads, covers, occurred,
                    origins, causes, flows, traces, seals, datas, digests)
             with ordinality u (id, type, shape, connection, kind, record, road, cover, occurred_at,
                                origin, cause, flow, trace, seal, data, digest, n)
        where n <> all (repeated);
    end if;

    fresh := cardinality(ids);
    first_position := head + 1;
    recorded := greatest(clock_timestamp(), head_at);
    last_link := sha256(
        head_link || int8send(head + 1) || int8send(head + fresh) || timestamptz_send(recorded)
        || (select string_agg(digest, ''::bytea order by n)
            from unnest(digests) with ordinality u (digest, n)));

    insert into kept (id, position)
    select id, head + n from unnest(ids) with ordinality u (id, n);

    insert into events (position, cause, occurred_at, recorded_at, id, seal, shape, type, connection,
                        kind, record, road, cover, origin, flow, trace, data, digest, link)
    select head + n, cause, occurred_at, recorded, id, seal,
           case when cardinality(shapes) = 1 then shapes[1] else shape end,
           case when cardinality(types) = 1 then types[1] else type end,
           case when cardinality(connections) = 1 then connections[1] else connection end,
           case when cardinality(kinds) = 1 then kinds[1] else kind end,
           record,
           case when cardinality(roads) = 1 then roads[1] else road end,
           cover,
           case when cardinality(origins) = 1 then origins[1] else origin end,
           flow, trace, data, digest,
           case when n = fresh then last_link end
    from unnest(ids, types, shapes, connections, kinds, records, roads, covers, occurred,
                origins, causes, flows, traces, seals, datas, digests)
         with ordinality u (id, type, shape, connection, kind, record, road, cover, occurred_at,
                            origin, cause, flow, trace, seal, data, digest, n);
end $$;
