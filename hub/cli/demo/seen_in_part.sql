-- The customers in the books of which only a row of a list was seen, and that no account names: who
-- they are is told by what such a row does not say.
select r.connection, r.kind, r.record
from records r
where r.connection = 'books' and r.kind = 'contacts' and r.gone is null and r.position > 0
  and not convert_from(r.fields, 'UTF8')::jsonb ? 'billing_address'
  and r.record not in (
      select convert_from(a.fields, 'UTF8')::jsonb ->> 'Books_Contact_Id'
      from records a
      where a.connection = 'crm' and a.kind = 'Accounts'
        and convert_from(a.fields, 'UTF8')::jsonb ->> 'Books_Contact_Id' is not null)
order by r.record
