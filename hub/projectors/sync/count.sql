-- How many records of the kind $2 in the connection $1 are there, as far as it was written.
select count(*) from records where connection = $1 and kind = $2 and gone is null
