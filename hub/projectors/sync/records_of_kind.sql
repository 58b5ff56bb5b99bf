-- What is known of all records of a kind: $1 connection, $2 kind. For kinds that are short tables, and
-- once for each kind of a flow that is installed. Leans on the primary key.
select connection, kind, record, stamp, position, fields, said, gone, gone_at, doubt, late,
       late_count, sure
from records
where connection = $1 and kind = $2
