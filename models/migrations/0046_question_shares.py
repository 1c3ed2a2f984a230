from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0045_reassignments')]

    initial = False

    operations = [
        ops.CreateModel(
            name='QuestionShare',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='shares', on_delete=OnDelete.RESTRICT)),
                ('question', fields.ForeignKeyField('models.Question', source_field='question_id', db_constraint=True, to_field='id', related_name='shares', on_delete=OnDelete.RESTRICT)),
                ('inspector', fields.ForeignKeyField('models.Inspector', source_field='inspector_id', db_constraint=True, to_field='code', related_name='shares', on_delete=OnDelete.RESTRICT)),
                ('shared_by', fields.CharField(max_length=120)),
                ('shared_at', UtcDatetimeField()),
                ('ended_at', UtcDatetimeField(null=True)),
            ],
            options={'table': 'question_share', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
