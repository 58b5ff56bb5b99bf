-- The records of kind $2 in connection $1 that said something after $4, be it folded yet or not, while
-- a flow rested since $3. Where $5, only those in a link, and those not known before it rested: what
-- was never linked is history.
with said as (
    select r.record from records r
    where r.connection = $1 and r.kind = $2 and greatest(
        r.position, r.gone, r.doubt,
        -- single fields may have been spoken of later than the record as a whole
        (select max((w.value ->> 1)::bigint)
         from jsonb_each(convert_from(r.said, 'UTF8')::jsonb) w)) > $4
    union
    select e.record from events e
    where e.position > greatest($4, (select p.position from projectors p where p.name = 'sync'))
      and e.connection = $1 and e.kind = $2 and e.record is not null
      and e.type in ('observed', 'gone')
)
select s.record
from said s
where not $5
   or exists (select from links l where (l.connection, l.kind, l.record) = ($1, $2, s.record))
   or not exists (select from timeline t
                  where (t.connection, t.kind, t.record) = ($1, $2, s.record) and t.position <= $3)
order by s.record
