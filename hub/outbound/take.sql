-- What is owed to the connection $1 at the moment $2, at most $8, the most urgent first, unless
-- nothing may be written to it; and in every row, or in one that holds nothing else, how far the sync
-- projector has come. All of one snapshot: so a row is never older than an event that is said to be
-- folded. Not the deliveries $3; nor $4 where they last moved at $5; nor of the shares $6 or the
-- kinds $7, but one that is being sent is always told.
-- Nor a write to a record of which a word is still to be read: it may be news that this would hide.
-- `not in` a query is looked up in a hash, however many there are. The shares in their order are
-- those of the alphabet, backwards. Leans on deliveries_owed.
select projector.position as folded, id, kind, record, part, link, flow, "case", state, share, fields,
       told, attempt, look, approved, owed, moved, trace
from (
    select coalesce((select position from projectors where name = 'sync'), 0) as position
) as projector
left join lateral (
    select d.*
    from deliveries d
    where connection = $1 and state in ('owed', 'sending')
      and (not_before is null or not_before <= $2)
      and id not in (select unnest($3::uuid[]))
      and (id, moved) not in (select * from unnest($4::uuid[], $5::bigint[]))
      and (state = 'sending' or (share <> all ($6::text[]) and kind <> all ($7::text[])))
      and (state = 'sending' or look or (kind, record) not in (
          select n.kind, n.record from notices n where n.connection = $1
      ))
      and not exists (select from stops where stops.connection = $1 and stopped)
    order by share desc, owed, id
    limit $8
) as owed on true
