from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField, UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0016_plan_merges')]

    initial = False

    operations = [
        ops.CreateModel(
            name='DepartmentResult',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='department_results', on_delete=OnDelete.RESTRICT)),
                ('department', fields.CharField(max_length=16)),
                ('version', fields.IntField()),
                ('types', ReadableJSONField()),
                ('measures', ReadableJSONField(default=list)),
                ('note', fields.TextField(default='', unique=False)),
                ('reason', fields.TextField(default='', unique=False)),
                ('by', fields.CharField(max_length=64)),
                ('at', UtcDatetimeField()),
                ('late', fields.BooleanField(default=False)),
                ('returned', fields.TextField(default='', unique=False)),
            ],
            options={'table': 'department_result', 'app': 'models', 'unique_together': (('task', 'department', 'version'),), 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ResultPart',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='result_parts', on_delete=OnDelete.RESTRICT)),
                ('result', fields.ForeignKeyField('models.Result', source_field='result_id', db_constraint=True, to_field='id', related_name='parts', on_delete=OnDelete.RESTRICT)),
                ('department', fields.CharField(max_length=16)),
                ('entry', fields.ForeignKeyField('models.DepartmentResult', source_field='entry_id', null=True, db_constraint=True, to_field='id', related_name='parts', on_delete=OnDelete.RESTRICT)),
            ],
            options={'table': 'result_part', 'app': 'models', 'unique_together': (('result', 'department'),), 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
