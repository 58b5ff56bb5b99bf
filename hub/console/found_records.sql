-- Records that are called $1, at most $3: by their ids, or by what flows find them by, which is like
-- one of $2.
select k.connection, k.kind, k.record, min(k.value) as called, l.link
from (
    select connection, kind, record, value from keys where value ilike any ($2::text[])
    union all
    select connection, kind, record, record from records where record = $1
) as k
left join links l using (connection, kind, record)
group by k.connection, k.kind, k.record, l.link
order by l.link nulls last, k.connection, k.kind, k.record
limit $3
