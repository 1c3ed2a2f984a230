from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField, UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0031_credit')]

    initial = False

    operations = [
        ops.CreateModel(
            name='RetentionRule',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('department', fields.CharField(db_index=True, max_length=16)),
                ('years', fields.IntField()),
                ('basis', fields.TextField(unique=False)),
                ('by', fields.CharField(max_length=120)),
                ('at', UtcDatetimeField()),
            ],
            options={'table': 'retention_rule', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='DeletionList',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('department', fields.CharField(max_length=16)),
                ('tasks', ReadableJSONField()),
                ('reason', fields.TextField(unique=False)),
                ('by', fields.CharField(max_length=120)),
                ('account', fields.IntField()),
                ('at', UtcDatetimeField()),
                ('agreed', fields.BooleanField(null=True)),
                ('said', fields.TextField(default='', unique=False)),
                ('decided_by', fields.CharField(default='', max_length=120)),
                ('decided_at', UtcDatetimeField(null=True)),
            ],
            options={'table': 'deletion_list', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Tombstone',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('task', fields.OneToOneField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='tombstone', on_delete=OnDelete.RESTRICT)),
                ('list', fields.ForeignKeyField('models.DeletionList', source_field='list_id', db_constraint=True, to_field='id', related_name='tombstones', on_delete=OnDelete.RESTRICT)),
                ('objects', ReadableJSONField()),
                ('term_over', fields.DateField()),
                ('by', fields.CharField(max_length=120)),
                ('at', UtcDatetimeField()),
            ],
            options={'table': 'tombstone', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
