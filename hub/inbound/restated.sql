-- Which of these records of the connection $1 ($2 kinds, $3 ids, $4 their newest notices) wait only
-- because their vendor told of them by itself, and whether that is known already: as it was read in
-- full, or as the hub's own write was answered, under the same stamp or a later one, and nothing said
-- otherwise. `soon`: that may be so in a moment, for it is not folded yet, or a write is under way.
-- A record of which anything else is a notice is not among them: what was asked for is read.
-- All of one snapshot. Leans on events_by_record and deliveries_owed.
select notices.kind, notices.record,
       projector.position >= notices.last
       and records.doubt is null and records.gone is null and whole.is_known is not null
       and not exists (
           select from parked
           where parked.projector = 'sync' and parked.connection = $1
             and parked.kind = notices.kind and parked.record = notices.record
       ) as known,
       projector.position < notices.last or exists (
           select from deliveries
           where deliveries.connection = $1 and deliveries.kind = notices.kind
             and deliveries.state = 'sending' and deliveries.record in (notices.record, '')
       ) as soon
from (
    select coalesce((select position from projectors where name = 'sync'), 0) as position
) as projector
cross join unnest($2::text[], $3::text[], $4::bigint[]) as wanted (kind, record, last)
join notices using (kind, record, last)
join lateral (
    select max(events.occurred_at) as stamp
    from events
    where events.record = notices.record and events.kind = notices.kind and events.connection = $1
      and events.position between notices.first and notices.last
      and (events.type = 'noticed' or events.road = 'webhook')
    having bool_and(events.type = 'observed' and events.occurred_at is not null)
) as told on true
left join records
       on records.connection = $1 and records.kind = notices.kind and records.record = notices.record
left join lateral (
    select true as is_known
    from events
    where events.record = notices.record and events.kind = notices.kind and events.connection = $1
      and events.position between least(records.position, notices.first) and projector.position
      and events.type = 'observed' and events.road in ('write', 'fetch') and events.cover is null
      and events.occurred_at >= told.stamp
    limit 1
) as whole on true
where notices.connection = $1
