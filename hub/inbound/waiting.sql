-- What waits to be read in the connection $1, $2 records at most: what was noticed, and what was said
-- otherwise at one stamp, which only a read asked for after its last word decides; with the road and
-- the trace of the newest event of it, which the reading goes on with. What somebody waits for comes
-- first, then the oldest. `spare`: what is known of it is told already, and it is read to be sure:
-- its vendor told of it by itself, or a list had it; and no write waits for that.
-- Leans on notices_by_age, records_in_doubt and deliveries_by_record.
-- In every row, or in one that holds nothing else: how far the projector of the roads has come.
select projector.position as followed, waits.kind, waits.record, waits.last, waits.decides,
       waits.spare, events.road, events.trace
from (
    select coalesce((select position from projectors where name = 'roads'), 0) as position
) as projector
left join (
    select kind, record, min(first) as first, max(last) as last, bool_or(decides) as decides,
           bool_and(spare) as spare
    from (
        (
            select notices.kind, notices.record, first, last, false as decides,
                   coalesce(oldest.type = 'observed' or oldest.road = 'poll', false)
                   and coalesce(newest.type = 'observed' or newest.road = 'poll', false)
                   and not exists (
                       select from deliveries
                       where deliveries.connection = $1 and deliveries.kind = notices.kind
                         and deliveries.record = notices.record and deliveries.state = 'owed'
                   ) as spare
            from notices
            left join events as oldest on oldest.position = first
            left join events as newest on newest.position = last
            where notices.connection = $1
            order by spare, first
            limit $2
        )
        union all
        (
            select kind, record, doubt, greatest(doubt, position, words.last), true, false
            from records
            left join lateral (
                select max((word.value ->> 1)::bigint) as last
                from json_each(convert_from(said, 'utf8')::json) as word
            ) as words on true
            where doubt is not null and connection = $1
            order by doubt
            limit $2
        )
    ) as either
    group by kind, record
    order by spare, first
    limit $2
) as waits on true
left join events on events.position = waits.last
order by waits.spare, waits.first
