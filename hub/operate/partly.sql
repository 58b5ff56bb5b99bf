-- The records of a kind that lack any of some fields: $1 connection, $2 kind, $3 fields. A row of a
-- list does not say all that a record says.
select record
from records
where connection = $1 and kind = $2 and gone is null and position > 0
  and not convert_from(fields, 'UTF8')::jsonb ?& $3::text[]
order by record
