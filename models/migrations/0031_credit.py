from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField, UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0030_code_overrides')]

    initial = False

    operations = [
        ops.CreateModel(
            name='CreditEntry',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('number', fields.CharField(unique=True, max_length=80)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='credit_entries', on_delete=OnDelete.RESTRICT)),
                ('publication', fields.ForeignKeyField('models.Publication', source_field='publication_id', null=True, db_constraint=True, to_field='id', related_name='credit_entries', on_delete=OnDelete.RESTRICT)),
                ('department', fields.CharField(max_length=16)),
                ('types', ReadableJSONField()),
                ('published_on', fields.DateField()),
                ('valid_until', fields.DateField(db_index=True)),
                ('by', fields.CharField(max_length=120)),
                ('at', UtcDatetimeField()),
                ('repaired_on', fields.DateField(null=True)),
            ],
            options={'table': 'credit_entry', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='CreditRepair',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='credit_repairs', on_delete=OnDelete.RESTRICT)),
                ('entry', fields.ForeignKeyField('models.CreditEntry', source_field='entry_id', db_constraint=True, to_field='id', related_name='repairs', on_delete=OnDelete.RESTRICT)),
                ('text', fields.TextField(unique=False)),
                ('by', fields.CharField(max_length=120)),
                ('at', UtcDatetimeField(db_index=True)),
                ('granted', fields.BooleanField(null=True)),
                ('said', fields.TextField(default='', unique=False)),
                ('decided_by', fields.CharField(default='', max_length=120)),
                ('decided_at', UtcDatetimeField(null=True)),
            ],
            options={'table': 'credit_repair', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='CreditPaper',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='credit_papers', on_delete=OnDelete.RESTRICT)),
                ('repair', fields.ForeignKeyField('models.CreditRepair', source_field='repair_id', db_constraint=True, to_field='id', related_name='papers', on_delete=OnDelete.RESTRICT)),
                ('name', fields.CharField(max_length=200)),
                ('sha256', fields.CharField(max_length=64)),
                ('size', fields.BigIntField()),
                ('format', fields.CharField(max_length=8)),
                ('by', fields.CharField(max_length=120)),
                ('at', UtcDatetimeField()),
            ],
            options={'table': 'credit_paper', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
