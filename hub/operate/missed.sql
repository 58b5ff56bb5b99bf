-- The records of kind $2 in connection $1 that said something after $3, while a flow was paused, and
-- that are in a link or were not known before; behind $4, at most $5. Leans on the primary key.
select r.record
from records r
where r.connection = $1 and r.kind = $2 and greatest(r.position, r.gone) > $3 and r.record > $4
  and (exists (select from links l
               where (l.connection, l.kind, l.record) = (r.connection, r.kind, r.record))
       or not exists (select from timeline t
                      where (t.connection, t.kind, t.record) = (r.connection, r.kind, r.record)
                        and t.position <= $3))
order by r.record
limit $5
