-- A record of the connections $1 that a vendor's own sync has tied to one of another system: the last
-- that was heard of. The text is looked through first, as most records name no such field.
select r.connection || '.' || r.kind || '/' || r.record
from records r
cross join lateral (select convert_from(r.fields, 'UTF8') as text) as said
where r.connection = any($1::text[]) and r.gone is null and r.position > 0
  and case when position('"zcrm_' in said.text) > 0
           then coalesce(nullif(said.text::jsonb ->> 'zcrm_account_id', ''),
                         nullif(said.text::jsonb ->> 'zcrm_contact_id', ''),
                         nullif(said.text::jsonb ->> 'zcrm_potential_id', '')) is not null
      end
order by r.position desc
limit 1
