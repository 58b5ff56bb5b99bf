-- Give the places $1 back.
delete from budget_places where id = any ($1::uuid[])
