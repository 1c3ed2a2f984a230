from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0011_item_list')]

    initial = False

    operations = [
        ops.CreateModel(
            name='Dossier',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('task', fields.OneToOneField('models.Task', source_field='task_id', db_constraint=True, to_field='id', related_name='dossier', on_delete=OnDelete.RESTRICT)),
                ('sha256', fields.CharField(max_length=64)),
                ('sm3', fields.CharField(max_length=64)),
                ('size', fields.BigIntField()),
                ('files', fields.IntField()),
                ('events', fields.IntField()),
                ('by', fields.CharField(max_length=120)),
                ('at', UtcDatetimeField()),
            ],
            options={'table': 'dossier', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
