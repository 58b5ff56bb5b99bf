-- The customers in the books of which no whole record was read yet, but a row of a list.
select connection, kind, record
from records
where connection = 'books' and kind = 'contacts' and gone is null and position > 0
  and not convert_from(fields, 'UTF8')::jsonb ? 'billing_address'
order by record
