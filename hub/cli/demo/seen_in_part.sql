-- The customers in the books of which only a row of a list was seen: that tells neither addresses nor
-- people, nor who they are in the CRM.
select connection, kind, record
from records
where connection = 'books' and kind = 'contacts' and gone is null and position > 0
  and not convert_from(fields, 'UTF8')::jsonb ? 'billing_address'
order by record
