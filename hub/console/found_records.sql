-- Records that are called something like $1, at most $2: by their ids, or by what flows find them by.
select k.connection, k.kind, k.record, min(k.value) as called, l.link
from (
    select connection, kind, record, value from keys where value ilike '%' || $1 || '%'
    union all
    select connection, kind, record, record from records where record = $1
) as k
left join links l using (connection, kind, record)
group by k.connection, k.kind, k.record, l.link
order by l.link nulls last, k.connection, k.kind, k.record
limit $2
