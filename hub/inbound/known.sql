-- Which records of the kind $2 in the connection $1 are known to be there, and their vendor's stamp.
select record, stamp
from records
where connection = $1 and kind = $2 and gone is null and position > 0
