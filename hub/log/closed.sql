-- The oldest partition, if it is full, every projector has read it, nothing in it waits for a
-- person, and it ends before $1.
select p.name, p.first, p.until - 1 as last
from partitions p
where p.until <= $1
  and p.until <= (select position from events order by position desc limit 1)
  and p.until - 1 <= (select coalesce(min(position), p.until) from projectors)
  and not exists (select from parked where position < p.until)
order by p.first
limit 1
