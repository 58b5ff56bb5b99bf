-- The currencies of the connection $1, whose kind is $2; they are few.
select record, fields from records where connection = $1 and kind = $2 and gone is null
