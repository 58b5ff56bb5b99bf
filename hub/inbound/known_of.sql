-- Which of the records $3, of the kind $2 in the connection $1, are known to be there.
select record
from records
where connection = $1 and kind = $2 and record = any($3) and gone is null and position > 0
