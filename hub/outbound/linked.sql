-- In which links records are: $1 connection, $2 kind, $3 records.
select record, link from links where connection = $1 and kind = $2 and record = any($3::text[])
