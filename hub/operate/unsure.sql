-- What is owed to a connection ($1) of which nothing there could tell whether it was done.
select id, kind, attempt from deliveries
where connection = $1 and record = '' and state in ('owed', 'sending')
order by owed, id
