-- What is known of records of the connection $1: $2 kinds, $3 records.
select record, fields
from records
where connection = $1 and kind = any($2::text[]) and record = any($3::text[])
