from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField, UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0036_rechecks')]

    initial = False

    operations = [
        ops.CreateModel(
            name='PlatformResult',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='platform_results', on_delete=OnDelete.RESTRICT)),
                ('department', fields.CharField(max_length=16)),
                ('types', ReadableJSONField()),
                ('measures', ReadableJSONField()),
                ('note', fields.TextField(unique=False)),
                ('day', fields.DateField()),
                ('receipt', fields.CharField(db_index=True, max_length=80)),
                ('file', fields.CharField(max_length=200)),
                ('sha256', fields.CharField(db_index=True, max_length=64)),
                ('by', fields.CharField(max_length=120)),
                ('at', UtcDatetimeField()),
                ('taken_back_by', fields.CharField(default='', max_length=120)),
                ('taken_back_at', UtcDatetimeField(null=True)),
                ('reason', fields.CharField(default='', max_length=500)),
            ],
            options={'table': 'platform_result', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]

