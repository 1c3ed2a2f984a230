from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0034_section_reopened')]

    initial = False

    operations = [
        ops.CreateModel(
            name='PlatformFile',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('batch', fields.ForeignKeyField('models.Batch', source_field='batch_id', db_constraint=True, to_field='code', related_name='platform_files', on_delete=OnDelete.RESTRICT)),
                ('name', fields.CharField(max_length=200)),
                ('data', fields.BinaryField()),
                ('sha256', fields.CharField(max_length=64)),
                ('by', fields.CharField(max_length=120)),
                ('at', UtcDatetimeField()),
                ('draw', fields.ForeignKeyField('models.Draw', source_field='draw_id', null=True, db_constraint=True, to_field='code', related_name='platform_files', on_delete=OnDelete.RESTRICT)),
            ],
            options={'table': 'platform_file', 'app': 'models', 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
