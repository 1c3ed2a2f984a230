from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import ReadableJSONField, UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0002_set_aside')]

    initial = False

    operations = [
        ops.CreateModel(
            name='OnlineEnding',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('task', fields.ForeignKeyField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='online_endings', on_delete=OnDelete.RESTRICT)),
                ('ground', fields.CharField(max_length=12)),
                ('result', fields.CharField(default='', max_length=4)),
                ('source', fields.CharField(max_length=200)),
                ('finding', fields.TextField(unique=False)),
                ('link', fields.CharField(default='', max_length=400)),
                ('screenshot', fields.CharField(default='', max_length=64)),
                ('by', fields.CharField(max_length=64)),
                ('at', UtcDatetimeField()),
            ],
            options={'table': 'online_ending', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Substitution',
            name='asked_in',
            field=fields.CharField(default='', db_default='', max_length=64),
        ),
        ops.AddField(
            model_name='Substitution',
            name='tasks',
            field=ReadableJSONField(null=True),
        ),
        ops.AddField(
            model_name='Task',
            name='started_untold',
            field=fields.TextField(default='', db_default='', unique=False),
        ),
    ]
