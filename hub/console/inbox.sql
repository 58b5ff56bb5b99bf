-- What needs a person: of all that was asked, and of deliveries that are parked without a question.
-- $1: settled ones too; $2 the flow and $3 how the reason begins, where null stands for any; $4 how
-- the id begins. Leans on inbox_waiting.
with found as (
    select item, flow, reason, sentence, subject, choices, data, since, settled, settled_by
    from inbox
    where $1 or settled is null
    union all
    select d.id, d.flow, 'refused: ' || d.because, d.reason,
           d.connection || '.' || d.kind || case when d.record = '' then '' else '/' end || d.record,
           '["retry", "edit", "skip"]'::bytea, '{}'::bytea, d.moved, null, ''
    from deliveries d
    where d.state = 'parked'
      and not exists (select from inbox i where i.item = d.id and i.settled is null)
)
select f.*, e.recorded_at as since_at
from found f
left join events e on e.position = f.since
where ($2::text is null or f.flow = $2)
  and ($3::text is null or starts_with(f.reason, $3))
  and starts_with(f.item::text, $4)
order by f.settled nulls first, f.since, f.item
