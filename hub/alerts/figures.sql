-- What the day $2 came to in the connection $1, money by currency: `what` is made, invoiced, paid or
-- overdue. Drafts and void invoices are no money; what is overdue follows the due date and the day,
-- never the vendor's own status. A day has ended at $3 and begun at $4. All sums are exact.
with invoices as (
    select convert_from(fields, 'utf8')::jsonb as said
    from records
    where connection = $1 and kind = 'invoices' and gone is null and position > 0
), currencies as (
    select record, convert_from(fields, 'utf8')::jsonb ->> 'currency_code' as code
    from records
    where connection = $1 and kind = 'currencies' and gone is null
), sums as (
    select 'invoiced' as what, said, said ->> 'total' as amount
    from invoices
    where said ->> 'date' = $2::date::text
      and said ->> 'status' not in ('draft', 'void', 'pending_approval', 'approved', 'rejected')
    union all
    select 'overdue', said, said ->> 'balance'
    from invoices
    where said ->> 'due_date' <= $2::date::text and (said ->> 'balance')::numeric > 0
      and said ->> 'status' not in
          ('draft', 'void', 'pending_approval', 'approved', 'rejected', 'paid', 'written_off')
    union all
    select 'paid', payments.said, payments.said ->> 'amount'
    from (
        select convert_from(fields, 'utf8')::jsonb as said
        from records
        where connection = $1 and kind = 'customerpayments' and gone is null and position > 0
    ) as payments
    where payments.said ->> 'date' = $2::date::text
)
select what, coalesce(said ->> 'currency_code', code, '') as unit, count(*) as count,
       sum(amount::numeric)::text as amount
from sums
left join currencies on currencies.record = said ->> 'currency_id'
group by 1, 2
union all
select 'made', connection || '.' || kind, count(*), ''
from deliveries
where flow <> $5 and record <> '' and state = 'done' and "case" <> '' and share = 'documents'
  and moved_at >= $4 and moved_at < $3
group by connection, kind
order by 1, 2
