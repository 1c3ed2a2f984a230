from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField, UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0035_platform_files')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Recheck',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='rechecks', on_delete=OnDelete.RESTRICT)),
                ('rectification', fields.ForeignKeyField('models.Rectification', source_field='rectification_id', db_constraint=True, to_field='id', related_name='rechecks', on_delete=OnDelete.RESTRICT)),
                ('number', fields.CharField(unique=True, max_length=90)),
                ('visit_from', UtcDatetimeField()),
                ('officers', ReadableJSONField()),
                ('by', fields.CharField(max_length=120)),
                ('at', UtcDatetimeField()),
                ('begun_by', fields.CharField(default='', max_length=120)),
                ('begun_at', UtcDatetimeField(null=True)),
                ('begun_place', ReadableJSONField(null=True)),
                ('ended_by', fields.CharField(default='', max_length=120)),
                ('ended_at', UtcDatetimeField(null=True)),
                ('ended_place', ReadableJSONField(null=True)),
                ('findings', ReadableJSONField(default=list)),
                ('facts', ReadableJSONField(null=True)),
                ('sha256', fields.CharField(default='', max_length=64)),
                ('settled_at', UtcDatetimeField(null=True)),
            ],
            options={'table': 'recheck', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RecheckSignature',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('recheck', fields.ForeignKeyField('models.Recheck', source_field='recheck_id', db_constraint=True, to_field='id', related_name='signatures', on_delete=OnDelete.RESTRICT)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='recheck_signatures', on_delete=OnDelete.RESTRICT)),
                ('role', fields.CharField(max_length=8)),
                ('inspector', fields.CharField(default='', max_length=32)),
                ('name', fields.CharField(max_length=80)),
                ('position', fields.CharField(default='', max_length=80)),
                ('picture', fields.CharField(default='', max_length=64)),
                ('refused', fields.BooleanField(default=False)),
                ('reason', fields.TextField(default='', unique=False)),
                ('witness', fields.CharField(default='', max_length=160)),
                ('by', fields.CharField(max_length=120)),
                ('at', UtcDatetimeField()),
            ],
            options={'table': 'recheck_signature', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
